import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Line } from '../../core/site/site.ts';
import { LineAssets } from '../constructs/sitewise/line-assets.ts';
import type { Deployment } from '../deployment.ts';
import type { ModelsStack } from './models-stack.ts';

/** What a line's assets are made for. */
export interface LineStackProps extends StackProps {
  readonly deployment: Deployment;
  readonly line: Line;
  readonly models: ModelsStack;
}

/** The assets of one production line: the line, its machines and their sensors. */
export class LineStack extends Stack {
  constructor(scope: Construct, id: string, props: LineStackProps) {
    super(scope, id, props);
    const { deployment, line, models } = props;
    new LineAssets(this, 'Assets', { deployment, line, attributeWriter: models.attributeWriter });
  }
}
