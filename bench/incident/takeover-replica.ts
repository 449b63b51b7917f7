import { pino } from 'pino';
import { startWorkers } from '#runtime/workers';
import { WorkspacePeople } from '#test/support/application/workspace-people';
import { publisherTo } from './slack-at-once.ts';
import { replicaOn } from './world.ts';

/* A replica in a process of its own, which can be killed: its workers over the parent's Slack. */
const [url = '', kek = '', slackUrl = '', team = ''] = process.argv.slice(2);
const cleanup = new AsyncDisposableStack();
const replica = await replicaOn({ url, kek }, new WorkspacePeople(), cleanup);
const publisher = publisherTo({ url: slackUrl }, team);
await startWorkers({ ...replica.workerPorts, publisher }, replica.jobs, pino({ level: 'silent' }));

process.send?.('ready');
process.once('disconnect', () => void cleanup.disposeAsync());
