/** What others wrote is shown, never obeyed: controls could rewrite the terminal, or turn words around. */
export const printable = (text: string): string => text.replaceAll(/\p{C}/gu, '�');
