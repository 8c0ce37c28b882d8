import type { CheckRule } from '../rule.ts';

/** Resources of a stack. CloudFormation takes 500; the rest is for what CDK adds and for the next sensor. */
const MOST_RESOURCES = 480;
/** The longest template that CloudFormation takes, bytes. */
const LONGEST_TEMPLATE_BYTES = 1_000_000;

/** Limits of a stack as a whole. */
export const STACK_SIZE_RULES: readonly CheckRule[] = [
  {
    id: 'Plantbridge-StackSize',
    asks: `A stack has at most ${MOST_RESOURCES} resources and ${LONGEST_TEMPLATE_BYTES} bytes.`,
    *faults(stacks) {
      for (const stack of stacks) {
        const count = stack.resources.length;
        if (count > MOST_RESOURCES)
          yield {
            stack,
            at: '',
            text: `must have at most ${MOST_RESOURCES} resources, got: ${count}. CloudFormation takes 500 a stack: split what it is made of, e.g. a line into two lines of the site file`,
          };
        if (stack.sizeBytes > LONGEST_TEMPLATE_BYTES)
          yield {
            stack,
            at: '',
            text: `must be a template of at most ${LONGEST_TEMPLATE_BYTES} bytes, got: ${stack.sizeBytes}. Split what it is made of, e.g. a line into two lines of the site file`,
          };
      }
    },
  },
];
