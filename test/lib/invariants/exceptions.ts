/** Something that may break one of our rules. */
export interface Exception {
  readonly rule: string;
  /** Stack and logical id. */
  readonly of: RegExp;
  readonly because: string;
}

/** All of them, over all sites; the constructs acknowledge the same for whoever deploys. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    rule: 'Plantbridge-Encryption',
    of: /^Foundation\/AccessLogs/,
    because: 'S3 writes access logs only to buckets with S3-managed keys.',
  },
  {
    rule: 'Plantbridge-AccessLogs',
    of: /^Foundation\/AccessLogs/,
    because: 'It takes the access logs of all others; logs of itself would feed themselves.',
  },
  {
    rule: 'Plantbridge-Encryption',
    of: /^Foundation\/EventsDeadLetters/,
    because:
      "What fails for want of the site's key lands here, so it must not need that key; SQS encrypts it with its own.",
  },
  {
    rule: 'Plantbridge-Function',
    of: /^OnPrem\/CustomVpcRestrictDefaultSGCustomResourceProvider/,
    because: "The CDK's own function, which it lets nobody set up: it empties the VPC's default security group once.",
  },
];
