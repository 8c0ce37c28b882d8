import { createServer, type Server, type Socket } from 'node:net';

/** How the server behaves: well, or as devices do on a bad day. */
export type Behaviour =
  | 'normal'
  | 'silent'
  | 'half-frame'
  | 'wrong-transaction'
  | 'garbage'
  | 'gateway-down'
  | 'wrong-unit';

/** A small Modbus TCP server (V1.1b3, function codes 1 to 4), written from the specification and independent of the client's library. */
export class TestModbusServer {
  readonly holding = new Map<number, number>();
  readonly input = new Map<number, number>();
  readonly coils = new Map<number, boolean>();
  readonly discrete = new Map<number, boolean>();
  /** Each request as [function code, start, length]. */
  readonly requests: [number, number, number][] = [];
  behaviour: Behaviour = 'normal';
  /** How many requests were under way at once, at the most. */
  delayMs = 0;
  maxInFlight = 0;
  connections = 0;
  #inFlight = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** @param port 0 for any. */
  listen(port = 0): Promise<number> {
    return new Promise((resolve) => {
      this.#server.listen(port, '127.0.0.1', () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  }

  /** Drops all connections and stops listening. */
  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  /** Registers from `address` on. */
  setHolding(address: number, ...values: number[]): void {
    for (const [index, value] of values.entries()) this.holding.set(address + index, value);
  }

  #serve(socket: Socket): void {
    this.connections += 1;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
    let received = Buffer.alloc(0);
    socket.on('data', (data) => {
      received = Buffer.concat([received, data]);
      while (received.length >= 12) {
        const frame = received.subarray(0, 12);
        received = received.subarray(12);
        this.#inFlight += 1;
        this.maxInFlight = Math.max(this.maxInFlight, this.#inFlight);
        const answer = () => {
          this.#inFlight -= 1;
          this.#answer(socket, frame);
        };
        if (this.delayMs > 0) setTimeout(answer, this.delayMs);
        else answer();
      }
    });
  }

  #answer(socket: Socket, request: Buffer): void {
    if (this.behaviour === 'silent') return;
    if (this.behaviour === 'garbage') {
      socket.write('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
      return;
    }
    const [unit, code, start, length] = [
      request[6] ?? 0,
      request[7] ?? 0,
      request.readUInt16BE(8),
      request.readUInt16BE(10),
    ];
    this.requests.push([code, start, length]);
    const pdu = this.behaviour === 'gateway-down' ? Buffer.from([code | 0x80, 11]) : this.#read(code, start, length);
    const header = Buffer.alloc(7);
    header.writeUInt16BE((request.readUInt16BE(0) + (this.behaviour === 'wrong-transaction' ? 7 : 0)) % 0x1_0000, 0);
    header.writeUInt16BE(pdu.length + 1, 4);
    header[6] = this.behaviour === 'wrong-unit' ? unit + 1 : unit;
    const frame = Buffer.concat([header, pdu]);
    if (this.behaviour === 'half-frame') socket.end(frame.subarray(0, 9));
    else socket.write(frame);
  }

  #read(code: number, start: number, length: number): Buffer {
    const exception = (number: number) => Buffer.from([code | 0x80, number]);
    const addresses = Array.from({ length }, (_, index) => start + index);
    if (code === 1 || code === 2) {
      const bits = code === 1 ? this.coils : this.discrete;
      if (length < 1 || length > 2000) return exception(3);
      if (!addresses.every((address) => bits.has(address))) return exception(2);
      const bytes = Buffer.alloc(Math.ceil(length / 8));
      for (const [index, address] of addresses.entries()) {
        if (bits.get(address)) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (1 << (index & 7));
      }
      return Buffer.concat([Buffer.from([code, bytes.length]), bytes]);
    }
    if (code !== 3 && code !== 4) return exception(1);
    const registers = code === 3 ? this.holding : this.input;
    if (length < 1 || length > 125) return exception(3);
    if (!addresses.every((address) => registers.has(address))) return exception(2);
    const bytes = Buffer.alloc(length * 2);
    for (const [index, address] of addresses.entries()) bytes.writeUInt16BE(registers.get(address) ?? 0, index * 2);
    return Buffer.concat([Buffer.from([code, bytes.length]), bytes]);
  }
}
