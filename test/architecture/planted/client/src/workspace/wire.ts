export type Screen = { title: string };
