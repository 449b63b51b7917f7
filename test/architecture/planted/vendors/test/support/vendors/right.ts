import { createServer } from 'node:http';
export const vendor = createServer;
