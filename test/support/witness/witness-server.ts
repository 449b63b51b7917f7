import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  isConsistent,
  isSignedBy,
  knownLog,
  readCheckpoint,
  type KnownLog,
  type SignedCheckpoint,
} from './signed-checkpoint.ts';

export interface WitnessAnswer {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

/**
 * A witness on loopback (C2SP tlog-witness, tlog-cosignature): keeps what it cosigned, and refuses
 * what does not grow from it. Written from the specification alone; it shares nothing with the
 * service.
 */
export class WitnessServer {
  readonly name: string;
  readonly vkey: string;
  /** The bodies that were posted. */
  readonly asked: string[] = [];
  /** Answers in its place where it gives something; for a witness that is broken, slow or rude. */
  instead: (body: string) => WitnessAnswer | null | Promise<WitnessAnswer | null> = () => null;
  /** Its clock, epoch seconds. */
  clock = (): number => Math.floor(Date.now() / 1_000);
  readonly #privateKey;
  readonly #id: Buffer;
  readonly #logs: KnownLog[] = [];
  readonly #latest = new Map<string, SignedCheckpoint>();
  readonly #server: Server;

  constructor(name: string) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    this.name = name;
    this.#privateKey = privateKey;
    const typed = Buffer.concat([Buffer.from([4]), raw]);
    this.#id = createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4);
    this.vkey = `${name}+${this.#id.toString('hex')}+${typed.toString('base64')}`;
    this.#server = createServer((request, response) => {
      const answered = async (): Promise<void> => {
        const { method = '', url = '' } = request;
        const {
          status,
          body,
          type = 'text/plain',
        } = await this.#handle(method, url, text(request));
        response.writeHead(status, { 'content-type': type }).end(body);
      };
      void answered();
    });
  }

  static async start(name = 'witness.example/w1'): Promise<WitnessServer> {
    const witness = new WitnessServer(name);
    await witness.listen();
    return witness;
  }

  async listen(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.listen(0, '127.0.0.1', resolve);
    await promise;
  }

  /** The submission prefix. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/submit`;
  }

  /** Accepts this log's key from now on, beside those that it knows. */
  know(vkey: string): void {
    this.#logs.push(knownLog(vkey));
  }

  /** What it cosigned last of a log. */
  sizeOf(origin: string): number {
    return this.#latest.get(origin)?.size ?? 0;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    await promise;
  }

  async #handle(method: string, path: string, body: Promise<string>): Promise<WitnessAnswer> {
    const posted = await body;
    if (method !== 'POST' || path !== '/submit/add-checkpoint') return { status: 404, body: '' };
    this.asked.push(posted);
    return (await this.instead(posted)) ?? this.addCheckpoint(posted);
  }

  /** The checks in the order of the specification. Nothing is awaited: they and the record are one. */
  addCheckpoint(body: string): WitnessAnswer {
    const request = readRequest(body);
    if (request === null) return { status: 400, body: 'malformed\n' };
    const { oldSize, proof, checkpoint } = request;
    const keys = this.#logs.filter(({ name }) => name === checkpoint.origin);
    if (keys.length === 0) return { status: 404, body: 'unknown origin\n' };
    if (!isSignedBy(checkpoint, keys)) return { status: 403, body: 'no known signature\n' };
    if (oldSize > checkpoint.size) return { status: 400, body: 'old size\n' };
    const latest = this.#latest.get(checkpoint.origin);
    if (oldSize !== (latest?.size ?? 0))
      return { status: 409, body: `${latest?.size ?? 0}\n`, type: 'text/x.tlog.size' };
    const grows =
      latest === undefined || latest.size === 0
        ? proof.length === 0
        : isConsistent(latest, checkpoint, proof);
    if (!grows) return { status: 422, body: 'not consistent\n' };
    this.#latest.set(checkpoint.origin, checkpoint);
    return { status: 200, body: `${this.cosign(checkpoint.text)}\n` };
  }

  /** A cosignature/v1 line over the text of a checkpoint. */
  cosign(checkpoint: string, seconds = this.clock()): string {
    const signed = `cosignature/v1\ntime ${seconds}\n${checkpoint}`;
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(seconds));
    const signature = sign(null, Buffer.from(signed), this.#privateKey);
    return `— ${this.name} ${Buffer.concat([this.#id, time, signature]).toString('base64')}`;
  }
}

function readRequest(body: string) {
  const split = body.indexOf('\n\n');
  const [first = '', ...lines] = body.slice(0, Math.max(split, 0)).split('\n');
  const old = /^old (0|[1-9]\d*)$/.exec(first)?.[1];
  const checkpoint = readCheckpoint(body.slice(split + 2));
  const proof = lines.map((line) => Buffer.from(line, 'base64'));
  const isProof = proof.length <= 63 && proof.every((hash) => hash.length === 32);
  if (split < 0 || old === undefined || checkpoint === null || !isProof) return null;
  return { oldSize: Number(old), proof, checkpoint };
}
