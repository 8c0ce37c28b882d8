import { crc32, deflateRawSync } from 'node:zlib';

/** A file in an archive. */
export interface ZipEntry {
  /** Its path in the archive, with `/`. */
  readonly name: string;
  readonly content: Uint8Array;
  /** @default false */
  readonly isExecutable?: boolean;
}

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_CENTRAL_DIRECTORY = 0x06054b50;
const DEFLATE = 8;
/** ZIP 2.0: deflate; made by Unix, whose permissions follow in the external attributes. */
const VERSION_NEEDED = 20;
const MADE_BY_UNIX = (3 << 8) | VERSION_NEEDED;
/** Names are UTF-8 (bit 11 of the general purpose flags). */
const UTF8_NAMES = 0x0800;
/** 1980-01-01, the oldest date of the format: the same files give the same archive, whenever it is made. */
const FIRST_DAY = 0x0021;

/** The files as a ZIP archive (PKWARE APPNOTE 6.3), without 64-bit extensions: less than 4 GB. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, content, isExecutable = false } of entries) {
    const path = Buffer.from(name, 'utf8');
    const packed = deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(VERSION_NEEDED, 0);
    common.writeUInt16LE(UTF8_NAMES, 2);
    common.writeUInt16LE(DEFLATE, 4);
    common.writeUInt16LE(FIRST_DAY, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(path.length, 22);
    const central = Buffer.alloc(14);
    const mode = 0o100000 | (isExecutable ? 0o755 : 0o644);
    central.writeUInt32LE((mode << 16) >>> 0, 6);
    central.writeUInt32LE(offset, 10);
    const local = Buffer.concat([uint32(LOCAL_HEADER), common, path, packed]);
    locals.push(local);
    centrals.push(Buffer.concat([uint32(CENTRAL_HEADER), uint16(MADE_BY_UNIX), common, central, path]));
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, uint32(END_OF_CENTRAL_DIRECTORY), end]);
}

function uint16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16LE(value);
  return buffer;
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}
