import { listOf, objectOf } from '../json.ts';
import { type CheckRule, mustBe, resourceRule } from '../rule.ts';

const FUNCTION = ['AWS::Lambda::Function'];
/** What log groups of AWS IoT, Lambda and ECS may be kept, days: CloudWatch knows no other "for ever" than none. */
const LONGEST_RETENTION_DAYS = 3653;

/** How functions run, and how long logs are kept. */
export const FUNCTION_AND_LOG_RULES: readonly CheckRule[] = [
  resourceRule(
    'Plantbridge-Function',
    'A function runs on nodejs24.x and arm64, with tracing, a description, and a log group of its own.',
    FUNCTION,
    function* ({ properties }) {
      const { Runtime, Architectures, TracingConfig, LoggingConfig, Description } = properties;
      if (Runtime !== 'nodejs24.x') yield mustBe('Runtime', '"nodejs24.x"', Runtime);
      const architectures = listOf(Architectures);
      if (architectures.length !== 1 || architectures[0] !== 'arm64')
        yield mustBe('Architectures', '["arm64"]', Architectures);
      if (objectOf(TracingConfig).Mode !== 'Active')
        yield mustBe('TracingConfig.Mode', '"Active"', objectOf(TracingConfig).Mode);
      if (objectOf(LoggingConfig).LogGroup === undefined)
        yield mustBe(
          'LoggingConfig.LogGroup',
          'a log group of the stack',
          undefined,
          'Lambda makes one itself otherwise, without retention and key',
        );
      if (typeof Description !== 'string' || Description === '')
        yield mustBe('Description', 'what it is for', Description);
    },
  ),
  resourceRule(
    'Plantbridge-LogRetention',
    'A log group has a retention.',
    ['AWS::Logs::LogGroup'],
    function* ({ properties: { RetentionInDays: days } }) {
      if (typeof days !== 'number' || days > LONGEST_RETENTION_DAYS)
        yield mustBe('RetentionInDays', 'a number of days', days, 'Logs cost and tell for ever otherwise');
    },
  ),
];
