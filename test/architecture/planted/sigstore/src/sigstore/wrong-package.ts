import { App } from '@slack/bolt';
export const bot = App;
