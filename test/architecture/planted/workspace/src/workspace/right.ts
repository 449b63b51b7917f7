import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
export const workspace = [createServer, WebSocketServer];
