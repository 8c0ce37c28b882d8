import { arnOf, ask, functionNeeds, type RoleRow } from './row.ts';

export const FOUNDATION_ROLES: readonly RoleRow[] = [
  {
    role: 'Foundation/PhaseGuard/Guard/Role',
    purpose: 'compares the phase to be deployed with the one that is: it touches nothing of the site',
    allows: (asked) => functionNeeds(asked, 'Foundation/PhaseGuard'),
    denies: ({ permissions }) => [
      ask('kms:Decrypt', permissions.arn('AWS::KMS::Key', 'Foundation')),
      ask('s3:GetObject', `${permissions.arn('AWS::S3::Bucket', 'Foundation')}/key`),
    ],
  },
  {
    role: 'Models/Attributes/AssetAttributes/Role',
    purpose: "writes the attributes of the site's assets, which it knows by their tag",
    allows: (asked) => functionNeeds(asked, 'Models/Attributes'),
    denies: () => [ask('iotsitewise:DeleteAsset', arnOf('iotsitewise', 'asset/1'))],
  },
];
