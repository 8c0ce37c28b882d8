import { CfnOutput } from 'aws-cdk-lib';
import { EndpointType, type RestApi, SecurityPolicy } from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { MesConfig } from '../../../core/site/deployment-schema.ts';

/** What a {@link MesDomain} is made of. */
export interface MesDomainProps {
  readonly api: RestApi;
  readonly mutualTls: NonNullable<MesConfig['mutualTls']>;
}

/**
 * The host name of an API that asks its clients for a certificate of the authorities in the trust store. The name itself is
 * made in the site's DNS: an alias or CNAME record to the output `MesDomainTarget`. A changed trust store counts after a new
 * deployment with a new key in its bucket: API Gateway reads it when the host name is made or changed.
 */
export class MesDomain extends Construct {
  constructor(scope: Construct, id: string, { api, mutualTls }: MesDomainProps) {
    super(scope, id);
    const truststore = new URL(mutualTls.truststoreUri);
    const domain = api.addDomainName('Domain', {
      domainName: mutualTls.domainName,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', mutualTls.certificateArn),
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
      mtls: { bucket: Bucket.fromBucketName(this, 'Truststore', truststore.host), key: truststore.pathname.slice(1) },
    });
    // The default endpoint is off: its address would only mislead.
    api.node.tryRemoveChild('Endpoint');
    const outputs = {
      MesApiUrl: { description: 'The MES API', value: `https://${mutualTls.domainName}` },
      MesDomainTarget: {
        description: `The target of the DNS record of ${mutualTls.domainName}`,
        value: domain.domainNameAliasDomainName,
      },
    };
    for (const [name, output] of Object.entries(outputs)) new CfnOutput(this, name, output).overrideLogicalId(name);
  }
}
