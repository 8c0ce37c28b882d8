import { Alarm, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { SiteNames } from '../../names.ts';
import { ALARM_KINDS, type AlarmKind, type AlarmKindId, operatorOf, runbookLink } from './alarm-catalogue.ts';

/** What a {@link SiteAlarm} is made of. */
export interface SiteAlarmProps {
  readonly kind: AlarmKindId;
  /** What is watched; one series. Its period is the kind's. */
  readonly metric: IMetric;
  readonly names: SiteNames;
  /** Who is told, also when it is over. */
  readonly topic: ITopic;
  /** Which of several, for the alarm's name, e.g. a gateway's id. @default there is one alarm of the kind */
  readonly about?: string;
  /** What it is called in the description, e.g. `Gateway in hall 1`. @default `about` */
  readonly aboutName?: string;
  /** @default the kind's */
  readonly threshold?: number;
}

/** An alarm of one of the kinds in the catalogue: same name, text, link and actions wherever it is made. */
export class SiteAlarm extends Alarm {
  readonly kind: AlarmKindId;

  constructor(scope: Construct, id: string, props: SiteAlarmProps) {
    const kind: AlarmKind = ALARM_KINDS[props.kind];
    const subject = props.aboutName ?? props.about;
    super(scope, id, {
      alarmName: props.names.alarm(props.kind, ...(props.about === undefined ? [] : [props.about])),
      alarmDescription: `Plantbridge ${props.names.siteId}${subject === undefined ? '' : `, ${subject}`}: ${kind.description} What to do: ${runbookLink(props.kind)}`,
      metric: props.metric,
      threshold: props.threshold ?? kind.threshold,
      comparisonOperator: operatorOf(kind),
      evaluationPeriods: kind.datapoints.of,
      datapointsToAlarm: kind.datapoints.bad,
      treatMissingData: kind.missing,
    });
    this.kind = props.kind;
    const told = new SnsAction(props.topic);
    this.addAlarmAction(told);
    this.addOkAction(told);
  }
}
