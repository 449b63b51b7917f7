/** What a reader sees nothing of: controls, spaces, and letters that are drawn as nothing. */
const UNSEEN = /[\p{C}\p{Z}\u115F\u1160\u2800\u3164\uFFA0]/gu;

/** Whether nothing would be seen of a text. */
export const isBlank = (text: string): boolean => text.replace(UNSEEN, '') === '';
