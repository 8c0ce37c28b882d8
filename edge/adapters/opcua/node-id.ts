import { coerceNodeId, type NodeId } from 'node-opcua-client';

/**
 * The node id that a site file's text names (OPC 10000-6, 5.3.1.10): `ns=2;s=Filler.State`, `i=2258`, or by the
 * namespace's URI, `nsu=http://example.org/plc;s=Filler.State`, whose index may change when the server restarts.
 * @param namespaceArray the server's own list, read at this connection.
 * @returns the id, or why there is none, as a clause that follows "the node".
 */
export function resolveNode(
  text: string,
  namespaceArray: readonly string[],
): { readonly nodeId: NodeId } | { readonly problem: string } {
  let local = text;
  const byUri = /^nsu=(.+?);([isgb]=.*)$/s.exec(text);
  if (byUri !== null) {
    const [, uri = '', identifier = ''] = byUri;
    const index = namespaceArray.indexOf(uri);
    if (index < 0) {
      return {
        problem: `is in namespace "${uri}", which the server does not have (it has: ${namespaceArray.join(', ')})`,
      };
    }
    local = `ns=${index};${identifier}`;
  }
  if (!/^(ns=\d{1,5};)?(i=\d{1,10}|s=.+|g=[0-9a-fA-F-]{36}|b=.+)$/s.test(local)) {
    return { problem: 'is no node id; write it like "ns=2;s=Filler.State", "ns=2;i=1001" or "nsu=<uri>;s=..."' };
  }
  try {
    return { nodeId: coerceNodeId(local) };
  } catch {
    return { problem: 'is no node id that the library understands' };
  }
}
