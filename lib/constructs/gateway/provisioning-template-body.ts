import { SERIAL_NUMBER_PARAMETER } from '../../../lambda/enrolment-hook/contract.ts';

/** The thing that a device becomes. */
export interface EnrolledThing {
  readonly thingName: string;
  readonly thingGroupName: string;
  readonly thingTypeName: string;
  /** IoT policies of its certificate. */
  readonly policyNames: readonly string[];
  /** Attributes beside the serial number, e.g. `site`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** The attribute of the thing that holds its serial number. */
export const SERIAL_NUMBER_ATTRIBUTE = 'serialNumber';

/**
 * The body of a fleet provisioning template: a thing of its type in its group, its certificate, its policies. A device that takes
 * the place of a broken one finds the thing there already: its attributes, type and group are then set anew.
 */
export function provisioningTemplateBody(thing: EnrolledThing): object {
  return {
    Parameters: { [SERIAL_NUMBER_PARAMETER]: { Type: 'String' }, 'AWS::IoT::Certificate::Id': { Type: 'String' } },
    Resources: {
      thing: {
        Type: 'AWS::IoT::Thing',
        OverrideSettings: { AttributePayload: 'REPLACE', ThingTypeName: 'REPLACE', ThingGroups: 'REPLACE' },
        Properties: {
          ThingName: thing.thingName,
          ThingTypeName: thing.thingTypeName,
          ThingGroups: [thing.thingGroupName],
          AttributePayload: {
            ...thing.attributes,
            [SERIAL_NUMBER_ATTRIBUTE]: { Ref: SERIAL_NUMBER_PARAMETER },
          },
        },
      },
      certificate: {
        Type: 'AWS::IoT::Certificate',
        Properties: { CertificateId: { Ref: 'AWS::IoT::Certificate::Id' }, Status: 'ACTIVE' },
      },
      ...Object.fromEntries(
        thing.policyNames.map((name, index) => [
          `policy${index + 1}`,
          { Type: 'AWS::IoT::Policy', Properties: { PolicyName: name } },
        ]),
      ),
    },
  };
}
