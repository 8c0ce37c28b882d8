import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DataWatch } from '../constructs/observability/data-watch.ts';
import { GrafanaWorkspace } from '../constructs/observability/grafana-workspace.ts';
import { OeeDashboardsAsset } from '../constructs/observability/oee-dashboards-asset.ts';
import { OperationsDashboard } from '../constructs/observability/operations-dashboard.ts';
import { SiteAlarms } from '../constructs/observability/site-alarms.ts';
import { allWatched, type Watched } from '../constructs/observability/watched.ts';
import type { Deployment } from '../deployment.ts';
import type { FoundationStack } from './foundation-stack.ts';

/** What alarms and dashboards are made of. */
export interface ObservabilityStackProps extends StackProps {
  readonly deployment: Deployment;
  readonly foundation: FoundationStack;
  /** What the other stacks hand over to be watched. */
  readonly watched: readonly Watched[];
}

/** Alarms, the CloudWatch dashboard, OEE dashboards as files and, where wanted, a Grafana workspace for them. */
export class ObservabilityStack extends Stack {
  readonly alarms: SiteAlarms;

  constructor(scope: Construct, id: string, props: ObservabilityStackProps) {
    super(scope, id, props);
    const { deployment, foundation } = props;
    const { key, alarmTopic } = foundation;
    const { deadLetterBuckets } = allWatched(props.watched);
    const watch = new DataWatch(this, 'DataWatch', { deployment, key, deadLetterBuckets });
    const watched = allWatched([...props.watched, watch.watched]);
    this.alarms = new SiteAlarms(this, 'Alarms', { deployment, watched, topic: alarmTopic });
    new OperationsDashboard(this, 'Operations', { deployment, watched, alarms: this.alarms.alarms });
    const lake = watched.lakes[0];
    new OeeDashboardsAsset(this, 'OeeDashboards', { deployment, lake });
    if (deployment.site.observability.grafana) new GrafanaWorkspace(this, 'Grafana', { deployment, key, lake });
  }
}
