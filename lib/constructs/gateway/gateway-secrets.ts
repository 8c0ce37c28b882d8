import type { GatewayConfig } from '../../../core/site/schema.ts';
import type { Deployment } from '../../deployment.ts';

const SECRETS_MANAGER = 'secretsmanager:';

/**
 * Names (or ARNs) of the secrets in AWS Secrets Manager that a gateway's programs read: those of its sources, of the LAN broker
 * and, where it runs the hub, of the historian. Sorted, each once.
 */
export function gatewaySecrets({ site, scope }: Deployment, gateway: GatewayConfig): string[] {
  const sources = site.sources.filter((source) => (source.gateway ?? site.gateways[0]?.id) === gateway.id);
  const historian = scope.hubGatewayId === gateway.id ? site.hub.historianFrom : undefined;
  const texts = [...sources.flatMap((source) => Object.values(source)), site.broker?.passwordFrom, historian];
  const names = texts.flatMap((text) =>
    typeof text === 'string' && text.startsWith(SECRETS_MANAGER) ? [text.slice(SECRETS_MANAGER.length)] : [],
  );
  return [...new Set(names)].toSorted();
}
