export async function read(): Promise<void> {
  await using store = (await import('#postgres/here')) as never;
  void store;
}
