import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** A picture of one byte a channel; `channels` is 3 (RGB) or 4 (RGBA). */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly bytes: Uint8Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** As many as four bits tell apart: two pixels stand in a byte. */
const MOST_COLOURS = 16;
/** Colours nearer than this are told apart by no reader; squared, over the three channels. */
const APART = 900;

/**
 * The same picture in few colours, a third of its size or less: text on plain ground loses
 * nothing that the eye sees. Takes what browsers write (PNG 2nd edition: 8 bits, RGB or RGBA, not
 * interlaced); an alpha channel is dropped.
 */
export function indexedPng(png: Buffer): Buffer {
  const pixels = decode(png);
  const { width, height } = pixels;
  const { palette, rows } = inFewColours(pixels);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([4, 3, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(named, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}

function decode(png: Buffer): Pixels {
  const parts: Buffer[] = [];
  let header: Buffer = Buffer.alloc(0);
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') header = data;
    if (type === 'IDAT') parts.push(data);
    at += length + 12;
  }
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const channels = { 2: 3, 6: 4 }[header[9] ?? -1];
  if (header[8] !== 8 || channels === undefined || header[12] !== 0)
    throw new Error('This is not a PNG as browsers write it.');
  const bytes = unfiltered(inflateSync(Buffer.concat(parts)), width * channels, channels);
  return { width, height, channels, bytes };
}

/** Takes the filters back (PNG §9): each byte was written as its distance from its neighbours. */
function unfiltered(filtered: Buffer, stride: number, channels: number): Uint8Array {
  const height = filtered.length / (stride + 1);
  const bytes = new Uint8Array(stride * height);
  for (let row = 0; row < height; row += 1) {
    const filter = filtered[row * (stride + 1)] ?? 0;
    const start = row * stride;
    for (let at = 0; at < stride; at += 1) {
      const left = at < channels ? 0 : (bytes[start + at - channels] ?? 0);
      const up = row === 0 ? 0 : (bytes[start + at - stride] ?? 0);
      const corner = at < channels || row === 0 ? 0 : (bytes[start + at - stride - channels] ?? 0);
      const written = filtered[row * (stride + 1) + 1 + at] ?? 0;
      bytes[start + at] = written + predicted(filter, left, up, corner);
    }
  }
  return bytes;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const [toLeft, toUp, toCorner] = [
    Math.abs(up - corner),
    Math.abs(left - corner),
    Math.abs(left + up - 2 * corner),
  ];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** A palette of the most frequent colours, and each row's indices behind its filter (none). */
function inFewColours({ width, height, channels, bytes }: Pixels) {
  const counts = new Map<number, number>();
  const colours = new Uint32Array(width * height);
  for (let pixel = 0; pixel < colours.length; pixel += 1) {
    const at = pixel * channels;
    const colour = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    colours[pixel] = colour;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const palette = paletteOf(counts);
  const indexOf = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]));
  const stride = Math.ceil(width / 2) + 1;
  const rows = Buffer.alloc(stride * height);
  for (const [pixel, colour] of colours.entries()) {
    const [row, column] = [Math.floor(pixel / width), pixel % width];
    const index = indexOf.get(colour) ?? 0;
    const at = row * stride + 1 + (column >> 1);
    rows[at] = (rows[at] ?? 0) | (column % 2 === 0 ? index << 4 : index);
  }
  return { palette: Buffer.from(palette.flat()), rows };
}

/** The most frequent first, and none that is nearly another: a rare colour is not lost to shades. */
function paletteOf(counts: ReadonlyMap<number, number>): readonly Colour[] {
  const palette: Colour[] = [];
  for (const [colour] of [...counts].toSorted(([, a], [, b]) => b - a)) {
    if (palette.length === MOST_COLOURS) break;
    const own = parts(colour);
    if (palette.every((one) => apart(one, own) > APART)) palette.push(own);
  }
  return palette;
}

const apart = ([r, g, b]: Colour, [red, green, blue]: Colour): number =>
  (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;

type Colour = readonly [number, number, number];

const parts = (colour: number): Colour => [colour >> 16, (colour >> 8) & 0xff, colour & 0xff];

function nearest(palette: readonly Colour[], colour: number): number {
  const own = parts(colour);
  const far = palette.map((one) => apart(one, own));
  return far.indexOf(Math.min(...far));
}
