import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  SearchExpression,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import {
  GATEWAY_METRICS,
  METRIC_DIMENSIONS,
  METRIC_NAMESPACE,
  SITE_METRICS,
  type SiteMetric,
} from '../../../core/metrics.ts';
import { STALE_AFTER_SECONDS } from '../../../lambda/data-watch/contract.ts';
import type { Deployment } from '../../deployment.ts';
import { RUNBOOK } from './alarm-catalogue.ts';
import { deployedOutpostId } from './outpost.ts';
import type { SiteAlarm } from './site-alarm.ts';
import type { Watched } from './watched.ts';
import * as metrics from './watched-metrics.ts';

/** What the {@link OperationsDashboard} shows. */
export interface OperationsDashboardProps {
  readonly deployment: Deployment;
  readonly watched: Required<Watched>;
  readonly alarms: readonly SiteAlarm[];
}

/** Columns of a CloudWatch dashboard. */
const WIDTH = 24;
/** Rows of a graph. */
const HEIGHT = 6;
/** Alarms that one status widget takes. */
const ALARMS_A_WIDGET = 100;
/** Metrics that one graph takes; CloudWatch's own limit. */
const METRICS_A_GRAPH = 500;
const PERIOD = Duration.minutes(1);

/** A graph of a section: a title and what is in it; left out where that is nothing. */
interface Graph {
  readonly title: string;
  readonly metrics: readonly IMetric[];
  /** A line to compare with. */
  readonly limit?: { readonly value: number; readonly label: string };
}

/** The CloudWatch dashboard of whoever keeps the way of values running: a section for each question, one screen each at most. */
export class OperationsDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: OperationsDashboardProps) {
    super(scope, id);
    const { deployment, alarms } = props;
    this.dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: deployment.names.prefix,
      defaultInterval: Duration.hours(3),
    });
    this.dashboard.addWidgets(
      textOf(
        `# ${deployment.site.name}\nWhat an alarm means and what to do: ${RUNBOOK}. OEE is not here but on the hub and in Grafana.`,
      ),
    );
    for (let first = 0; first < alarms.length; first += ALARMS_A_WIDGET) {
      const shown = alarms.slice(first, first + ALARMS_A_WIDGET);
      this.dashboard.addWidgets(new AlarmStatusWidget({ title: 'Alarms', alarms: shown, width: WIDTH, height: 5 }));
    }
    for (const { question, graphs } of sectionsOf(props)) {
      const shown = graphs.filter((graph) => graph.metrics.length > 0);
      if (shown.length === 0) continue;
      this.dashboard.addWidgets(textOf(`## ${question}`));
      this.dashboard.addWidgets(...shown.map((graph) => graphOf(graph, Math.floor(WIDTH / Math.min(shown.length, 3)))));
    }
  }
}

interface Section {
  readonly question: string;
  readonly graphs: readonly Graph[];
}

function sectionsOf({ deployment, watched }: OperationsDashboardProps): Section[] {
  const { site } = deployment;
  const ofSite = (metric: SiteMetric) => metrics.siteMetric(site.id, metric, PERIOD);
  return [
    {
      question: 'Does data arrive?',
      graphs: [
        {
          title: 'Age of the newest tick by gateway, seconds',
          metrics: watched.gateways.length > 0 ? [tickAges(site.id)] : [],
          limit: { value: STALE_AFTER_SECONDS, label: 'silent' },
        },
        { title: 'Machines without recent data', metrics: [ofSite(SITE_METRICS.staleMachines)] },
        {
          title: 'Machines whose OEE is in doubt (last full hour)',
          metrics: [ofSite(SITE_METRICS.dataGapMachines), ofSite(SITE_METRICS.fastMachines)],
        },
      ],
    },
    {
      question: 'Where is it stuck? Rule, stream, normalization, lake',
      graphs: [
        {
          title: '1. Messages that IoT rules took',
          metrics: watched.topicRules.map((rule) => metrics.ruleMetric(rule, 'TopicMatch', PERIOD)),
        },
        {
          title: '2. Records into the stream',
          metrics: watched.streams.map((each) => each.metricIncomingRecords({ statistic: 'Sum', period: PERIOD })),
        },
        {
          title: '3. Age of the oldest record that waits, ms',
          metrics: watched.streamConsumers.map((each) =>
            each.metric('IteratorAge', { statistic: 'Maximum', period: PERIOD }),
          ),
        },
        {
          title: '4. Rows into the lake',
          metrics: watched.deliveryStreams.map((each) => metrics.deliveryMetric(each, 'DeliveryToS3.Records', PERIOD)),
        },
        {
          title: 'Age of the oldest row that waits for the lake, seconds',
          metrics: watched.deliveryStreams.map((each) =>
            metrics.deliveryMetric(each, 'DeliveryToS3.DataFreshness', PERIOD),
          ),
        },
        {
          title: 'Errors and throttles of functions',
          metrics: watched.functions.flatMap((each) => [
            each.metricErrors({ period: PERIOD }),
            each.metricThrottles({ period: PERIOD }),
          ]),
        },
      ],
    },
    {
      question: 'Was something put aside or lost?',
      graphs: [
        {
          title: 'Messages in dead-letter queues',
          metrics: watched.deadLetterQueues.map((queue) => metrics.queueMetric(queue, PERIOD)),
        },
        {
          title: 'Objects in dead-letter buckets, streams without an asset',
          metrics: [ofSite(SITE_METRICS.deadLetterObjects), ofSite(SITE_METRICS.unmodeledStreams)],
        },
        {
          title: 'Messages that IoT rules failed to hand on, or threw away',
          metrics: watched.topicRules.flatMap((rule) => [
            metrics.ruleActionMetric(rule, 'Failure', PERIOD),
            metrics.ruleActionMetric(rule, 'ErrorActionFailure', PERIOD),
            metrics.ruleMetric(rule, 'RuleMessageThrottled', PERIOD),
          ]),
        },
      ],
    },
    {
      question: 'Does the MES reach us?',
      graphs: [
        {
          title: 'Requests, and those that failed',
          metrics: watched.apis.flatMap((api) =>
            (['Count', '4XXError', '5XXError'] as const).map((name) => metrics.apiMetric(api, name, PERIOD)),
          ),
        },
        {
          title: 'Time to answer, 99th percentile, ms',
          metrics: watched.apis.map((api) => metrics.apiMetric(api, 'Latency', PERIOD)),
        },
      ],
    },
    { question: 'Is the hub on the Outpost well?', graphs: outpostGraphs(deployment, watched) },
  ];
}

/** By a search: as many lines as there are gateways, and the dashboard stays as long as it is. */
function tickAges(siteId: string): IMetric {
  const { site, gateway } = METRIC_DIMENSIONS;
  return new SearchExpression({
    expression: `SEARCH('{${METRIC_NAMESPACE},${site},${gateway}} MetricName="${GATEWAY_METRICS.tickAge}" ${site}="${siteId}"', 'Maximum')`,
    label: `\${PROP('Dim.${gateway}')}`,
    period: PERIOD,
  });
}

function outpostGraphs(deployment: Deployment, watched: Required<Watched>): Graph[] {
  const outpostId = deployedOutpostId(deployment);
  const instanceType = deployment.site.outpost?.instanceType;
  return [
    {
      title: 'Connection to the Region (1 is whole)',
      metrics: outpostId === undefined ? [] : [metrics.outpostMetric(outpostId, 'ConnectedStatus', PERIOD)],
    },
    {
      title: `Free capacity for ${instanceType ?? 'instances'}, per cent`,
      metrics:
        outpostId === undefined
          ? []
          : [metrics.outpostMetric(outpostId, 'InstanceTypeCapacityAvailability', Duration.minutes(5), instanceType)],
    },
    {
      title: 'Running less desired tasks',
      metrics: watched.services.map((service, index) => metrics.missingTasks(service, PERIOD, index + 1)),
    },
    {
      title: "Free bytes on the historian's disk",
      metrics: watched.databases.map((database) => metrics.databaseFreeBytes(database, PERIOD)),
    },
  ];
}

function graphOf({ title, metrics: left, limit }: Graph, width: number): IWidget {
  return new GraphWidget({
    title,
    left: left.slice(0, METRICS_A_GRAPH),
    leftYAxis: { min: 0, showUnits: false },
    ...(limit !== undefined && { leftAnnotations: [limit] }),
    width,
    height: HEIGHT,
  });
}

function textOf(markdown: string): IWidget {
  return new TextWidget({ markdown, width: WIDTH, height: 2 });
}
