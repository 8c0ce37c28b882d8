import { DataType, type DataValue, type Variant, VariantArrayType } from 'node-opcua-client';
import type { Quality } from '../../../core/telemetry/types.ts';

/** A data value as the rest of the gateway understands it. */
export interface PlainValue {
  readonly value: unknown;
  readonly quality: Quality;
  readonly sourceTimeMs?: number;
  /** Why a value that the server calls good is of no use to us. */
  readonly problem?: string;
}

/** The two top bits of a status code are its severity: 00 good, 01 uncertain, 10 and 11 bad (OPC 10000-4, 7.38.1). */
export function qualityOf(statusCode: number): Quality {
  const severity = statusCode >>> 30;
  if (severity === 0) return 'GOOD';
  return severity === 1 ? 'UNCERTAIN' : 'BAD';
}

/**
 * A notification's or read result's value: scalars as number, string or boolean, times as ISO 8601 text, 64 bit integers
 * as the nearest double (exact up to 2^53); arrays and structures are BAD with the reason. A BAD value keeps what the server sent along.
 */
export function plainValueOf(dataValue: DataValue): PlainValue {
  const quality = qualityOf(dataValue.statusCode.value);
  const time = dataValue.sourceTimestamp ?? dataValue.serverTimestamp;
  const sourceTimeMs = time instanceof Date && Number.isFinite(time.getTime()) ? { sourceTimeMs: time.getTime() } : {};
  const scalar = scalarOf(dataValue.value);
  if ('problem' in scalar) return { value: null, quality: 'BAD', ...sourceTimeMs, problem: scalar.problem };
  return { value: scalar.value, quality, ...sourceTimeMs };
}

function scalarOf(variant: Variant | null | undefined): { readonly value: unknown } | { readonly problem: string } {
  if (!variant || variant.dataType === DataType.Null) return { value: null };
  if (variant.arrayType !== VariantArrayType.Scalar) {
    return { problem: `holds an array of ${DataType[variant.dataType]}; name a node that holds a single value` };
  }
  const value: unknown = variant.value;
  if (value === null || value === undefined) return { value: null };
  switch (variant.dataType) {
    case DataType.Int64:
    case DataType.UInt64:
      return { value: integer64(value, variant.dataType === DataType.Int64) };
    case DataType.DateTime:
      return { value: value instanceof Date && Number.isFinite(value.getTime()) ? value.toISOString() : null };
    case DataType.LocalizedText:
    case DataType.QualifiedName:
      return { value: textOf(value) };
    case DataType.StatusCode:
    case DataType.NodeId:
    case DataType.ExpandedNodeId:
      return { value: String(value) };
    case DataType.ExtensionObject:
    case DataType.DataValue:
    case DataType.Variant:
    case DataType.DiagnosticInfo:
      return { problem: 'holds a structure; name the node of one of its parts' };
    case DataType.ByteString:
      return { problem: 'holds a byte string, which is no value that can be measured' };
    default:
      return { value };
  }
}

/** node-opcua gives 64 bit integers as [high, low] words of 32 bits. */
function integer64(value: unknown, signed: boolean): number | null {
  if (!Array.isArray(value)) return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : null;
  const [high, low]: unknown[] = value;
  if (typeof high !== 'number' || typeof low !== 'number') return null;
  const bits = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  return Number(signed ? BigInt.asIntN(64, bits) : bits);
}

function textOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  if ('text' in value && typeof value.text === 'string') return value.text;
  return 'name' in value && typeof value.name === 'string' ? value.name : null;
}
