import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import modbusSerial from 'modbus-serial';
import { machinesOf } from '../../../../core/site/site.ts';
import { freePort } from '../../../../local/factory/ports.ts';
import { SimulatedModbusServer } from '../../../../local/simulator/modbus/server.ts';
import { Plant } from '../../../../local/simulator/model/plant.ts';
import { tinySite } from '../../tiny-site.ts';

const START = Date.parse('2026-11-20T12:00:00Z');

describe('the simulated PLC on Modbus TCP', () => {
  let server: SimulatedModbusServer;
  let client: InstanceType<typeof modbusSerial.default>;
  let plant: Plant;
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    const site = tinySite({ opcua: 1, modbus: port });
    const source = site.sources.find(({ protocol }) => protocol === 'modbus-tcp');
    if (source?.protocol !== 'modbus-tcp') throw new Error('the tiny site has a Modbus source');
    server = new SimulatedModbusServer(site, source);
    plant = new Plant(site, 3, START);
    plant.advanceTo(START + 100_000);
    server.update((path) => plant.view(machinesOf(site).find((machine) => machine.path === path)!), true);
    await server.start();
    client = new modbusSerial.default();
    await client.connectTCP('127.0.0.1', { port });
    client.setID(7);
    client.setTimeout(1_000);
  });

  afterAll(async () => {
    client.destroy(() => undefined);
    await server.stop();
  });

  test('a client of others reads state, counter and sensors as the site file describes them', async () => {
    const oven = plant.simulated('tiny/line-1/oven')!;
    const inputs = await client.readInputRegisters(0, 4);
    expect(inputs.data[0]).toBe(Number(oven.vocabulary.codeOfState[oven.state]));
    // Little word order: the less significant register first.
    expect(inputs.data[2]! + inputs.data[3]! * 65536).toBe(oven.produced.count);
    const [temperature] = (await client.readHoldingRegisters(10, 1)).data;
    expect(temperature! * 0.1).toBeGreaterThan(15);
    expect(temperature! * 0.1).toBeLessThan(300);
    const heater = (await client.readCoils(3, 1)).data[0];
    expect(typeof heater).toBe('boolean');
  });

  test('writes of one or many coils and registers can be read back', async () => {
    await client.writeRegister(20, 4711);
    await client.writeRegisters(21, [1, 2, 65535]);
    expect((await client.readHoldingRegisters(20, 4)).data).toEqual([4711, 1, 2, 65535]);
    await client.writeCoil(10, true);
    await client.writeCoils(11, [false, true, true]);
    expect((await client.readCoils(10, 4)).data.slice(0, 4)).toEqual([true, false, true, true]);
    expect((await client.readDiscreteInputs(0, 9)).data.slice(0, 9)).toEqual(Array(9).fill(false));
  });

  test('an address beyond the memory gets the exception of the standard', async () => {
    await expect(client.readInputRegisters(60_000, 2)).rejects.toMatchObject({ modbusCode: 2 });
  });

  test("a wrong unit id gets an exception, not somebody else's values", async () => {
    const other = new modbusSerial.default();
    await other.connectTCP('127.0.0.1', { port });
    other.setID(8);
    other.setTimeout(1_000);
    await expect(other.readInputRegisters(0, 1)).rejects.toMatchObject({ modbusCode: 11 });
    other.destroy(() => undefined);
  });

  test('serves requests that arrive in pieces or together, and hangs up on what is not Modbus', async () => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    const received = (bytes: number) =>
      new Promise<Buffer>((resolve) => {
        const look = () => {
          const all = Buffer.concat(chunks);
          if (all.length >= bytes) resolve(all);
        };
        socket.on('data', look);
        look();
      });
    socket.on('data', (chunk) => chunks.push(chunk));
    const request = Buffer.from([0, 1, 0, 0, 0, 6, 7, 4, 0, 0, 0, 1]);
    const second = Buffer.from([0, 2, 0, 0, 0, 6, 7, 3, 0, 0, 0, 0]); // a count of 0 is illegal
    socket.write(request.subarray(0, 5));
    await new Promise(setImmediate);
    socket.write(Buffer.concat([request.subarray(5), second]));
    const third = Buffer.from([0, 3, 0, 0, 0, 2, 7, 17]); // a function that it does not have
    socket.write(third);
    const answer = await received(11 + 9 + 9);
    expect([...answer.subarray(0, 9)]).toEqual([0, 1, 0, 0, 0, 5, 7, 4, 2]);
    expect([...answer.subarray(11, 20)]).toEqual([0, 2, 0, 0, 0, 3, 7, 0x83, 3]);
    expect([...answer.subarray(20)]).toEqual([0, 3, 0, 0, 0, 3, 7, 0x91, 1]);
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await closed;
  });

  test('a disconnected PLC closes its port and all connections, and comes back', async () => {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    await server.stop();
    await closed;
    expect(server.port).toBeUndefined();
    await server.start();
    expect(server.port).toBe(port);
  });
});
