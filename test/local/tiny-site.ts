import { loadSite } from '../../core/site/load.ts';
import type { Site } from '../../core/site/site.ts';

/** Ports of the tiny factory's simulated PLCs. */
export interface TinyPorts {
  readonly opcua: number;
  readonly modbus: number;
}

/** A factory of two machines, one on OPC UA and one on Modbus TCP, small enough to start in seconds. */
export function tinySiteYaml({ opcua, modbus }: TinyPorts, more = ''): string {
  return `
version: 1
id: tiny
name: Tiny factory
timeZone: Europe/Berlin
stalenessSeconds: 5
gateways: [{ id: gateway-1 }]
sources:
  - { id: press-plc, protocol: opcua, endpointUrl: "opc.tcp://127.0.0.1:${opcua}", publishingIntervalMs: 100, samplingIntervalMs: 100 }
  - { id: oven-plc, protocol: modbus-tcp, host: 127.0.0.1, port: ${modbus}, unitId: 7, pollingIntervalMs: 100 }
lines:
  - id: line-1
    machines:
      - id: press
        source: press-plc
        idealCycleSeconds: 0.5
        state: { node: "ns=2;s=Press.State", map: { 1: RUNNING, 2: IDLE, 3: FAULT, 4: PLANNED_STOP } }
        reason: { node: "ns=2;s=Press.Reason", map: { 7: Stopped by the operator, 8: Bearing worn, 9: Tool jammed } }
        produced: { node: "ns=2;s=Press.Produced", counter: { modulus: 1000, maxRatePerSecond: 4 } }
        rejected: { node: "ns=2;s=Press.Rejected", counter: { modulus: 1000, maxRatePerSecond: 4 } }
        sensors:
          - { id: vibration, node: "ns=2;s=Press.Vibration", unit: mm/s, minimum: 0, maximum: 50 }
          - { id: door-closed, node: "ns=2;s=Press.DoorClosed", type: BOOLEAN }
      - id: oven
        source: oven-plc
        idealCycleSeconds: 1
        state: { modbus: { table: input-register, address: 0 }, map: { 10: RUNNING, 20: IDLE, 30: FAULT } }
        produced: { modbus: { table: input-register, address: 2, format: uint32, wordOrder: little }, counter: { maxRatePerSecond: 2 } }
        sensors:
          - { id: temperature, modbus: { table: holding-register, address: 10, format: int16 }, unit: °C, scale: 0.1, minimum: 0, maximum: 300 }
          - { id: heater-on, modbus: { table: coil, address: 3 }, type: BOOLEAN }
simulation:
  seed: 3
  machines:
    line-1/press: { kind: bottling, reliability: 0.9 }
    line-1/oven: { kind: packaging, reliability: 0.9 }
${more}`;
}

export function tinySite(ports: TinyPorts = { opcua: 48999, modbus: 50299 }): Site {
  return loadSite('tiny.yaml', () => tinySiteYaml(ports));
}
