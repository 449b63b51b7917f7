const LOCAL = ['localhost', '127.0.0.1', '[::1]'];

/** What is asked at an address must not be read or changed on the way: https, or http where there is none. */
export function isSafeAddress({ protocol, hostname }: Pick<URL, 'protocol' | 'hostname'>): boolean {
  return protocol === 'https:' || (protocol === 'http:' && LOCAL.includes(hostname));
}
