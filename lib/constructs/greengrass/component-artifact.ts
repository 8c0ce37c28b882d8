import { posix } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import type { Bundle } from '../functions/bundle.ts';

/** A ZIP archive in the account's bucket for assets, which Greengrass fetches and unpacks on the gateway. */
export interface ComponentArtifact {
  readonly bucketName: string;
  readonly objectKey: string;
  /** SHA-256 of what is in it, hexadecimal. */
  readonly contentHash: string;
  /** The folder that it is unpacked to, within `{artifacts:decompressedPath}`. */
  readonly folder: string;
}

/** A folder that synthesis has, named by its content. */
export class BundleArtifact extends Construct implements ComponentArtifact {
  readonly bucketName: string;
  readonly objectKey: string;
  readonly contentHash: string;
  readonly folder: string;

  constructor(scope: Construct, id: string, { folder, hash }: Bundle) {
    super(scope, id);
    const asset = new Asset(this, 'Asset', { path: folder, assetHash: hash });
    this.bucketName = asset.s3BucketName;
    this.objectKey = asset.s3ObjectKey;
    this.contentHash = hash;
    this.folder = folderOfKey(asset.s3ObjectKey);
  }
}

/** What a {@link LateArtifact} is made by. */
export interface LateArtifactProps {
  /** SHA-256 of what it is made of. */
  readonly contentHash: string;
  /** A program of ours that prints the path of the ZIP archive, from the repository's folder, and its arguments. */
  readonly command: readonly string[];
}

/**
 * An archive that is made when it is first uploaded: synthesis needs neither the network nor a hundred megabytes. The CDK
 * runs the program from where it was itself started, the folder with cdk.json.
 */
export class LateArtifact extends Construct implements ComponentArtifact {
  readonly bucketName: string;
  readonly objectKey: string;
  readonly contentHash: string;
  readonly folder: string;

  constructor(scope: Construct, id: string, { contentHash, command }: LateArtifactProps) {
    super(scope, id);
    const { bucketName, objectKey } = Stack.of(this).synthesizer.addFileAsset({
      executable: ['node', ...command],
      sourceHash: contentHash,
      displayName: this.node.path,
    });
    this.bucketName = bucketName;
    this.objectKey = objectKey;
    this.contentHash = contentHash;
    this.folder = folderOfKey(objectKey);
  }
}

/** Greengrass unpacks an archive into a folder with its name, without the ending. */
function folderOfKey(objectKey: string): string {
  return posix.basename(objectKey, '.zip');
}
