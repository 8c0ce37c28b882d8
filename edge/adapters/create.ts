import type { Machine } from '../../core/site/site.ts';
import type { SourceConfig } from '../../core/site/source-schema.ts';
import type { Adapter, AdapterContext, AdapterSink } from './adapter.ts';
import { modbusConnection } from './modbus/connection.ts';
import { opcUaConnection } from './opcua/connection.ts';
import { setUpLibrary } from './opcua/library.ts';
import { addressedSignals } from './signals.ts';
import { supervise } from './supervised.ts';

/**
 * The adapter of one source for the machines that it serves.
 * @param machines the machines of this source only; their signals without an address for this protocol are passed over.
 */
export function createAdapter(
  source: SourceConfig,
  machines: readonly Machine[],
  sink: AdapterSink,
  context: AdapterContext,
): Adapter {
  const signals = addressedSignals(machines);
  switch (source.protocol) {
    case 'opcua': {
      setUpLibrary(context.logger);
      const own = signals.filter((signal) => signal.node !== undefined);
      return supervise(source.id, opcUaConnection(source, own, sink, context), sink, context.logger, context.backoff);
    }
    case 'modbus-tcp': {
      const own = signals.flatMap((signal) =>
        signal.modbus === undefined ? [] : [{ ...signal, modbus: signal.modbus }],
      );
      return supervise(source.id, modbusConnection(source, own, sink, context), sink, context.logger, context.backoff);
    }
  }
}
