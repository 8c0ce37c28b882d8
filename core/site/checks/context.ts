import type { FilePosition, SiteFault, SitePath } from '../fault.ts';
import type { SensorConfig, SiteFile } from '../schema.ts';

/** What a check says about a place; the place's path and position are added. */
export type FaultText = Pick<SiteFault, 'message' | 'got' | 'allowed' | 'hint'>;

/** A place that a check speaks of: a path in the site file, or a cell of a CSV file. */
export type Place = SitePath | CsvPlace;

/** A cell of a CSV file: its position and how it is named, e.g. `tags.csv row 4 address`. */
export interface CsvPlace extends FilePosition {
  readonly name: string;
}

/** A sensor with where it stands, be it in the site file or in a CSV file. */
export interface PlacedSensor {
  readonly sensor: SensorConfig;
  /** Where a key of it stands, e.g. `modbus`, or the sensor as a whole. */
  place(...keys: readonly string[]): Place;
}

/** What a check of the whole file works with. Paths are those of `site`; reporting translates them. */
export interface CheckContext {
  /** The site file, without what its schema refused. */
  readonly site: SiteFile;
  /** Sensors of a machine, those of its CSV file included. */
  sensorsOf(lineIndex: number, machineIndex: number): readonly PlacedSensor[];
  /** The value in the file itself, before defaults were filled in. */
  written(path: SitePath): unknown;
  /** All ids of a list in the file itself, so that a reference to a faulty entry is not a second fault. */
  writtenIds(path: SitePath): readonly string[];
  /** Whether the schema refused something at this place, in it, or around it: then what is absent proves nothing. */
  isFaulty(path: SitePath): boolean;
  /** Ids of the asset models that a machine may have; undefined where nobody said. */
  readonly machineModels: readonly string[] | undefined;
  /** Whether what only a deployment to AWS needs must be there. */
  readonly forDeployment: boolean;
  /** Where a place stands, to name it in another's message. */
  locate(place: Place): FilePosition;
  /** Where a character of a text value stands. */
  locateInText(path: SitePath, offset: number): FilePosition;
  fault(place: Place, text: FaultText, position?: FilePosition): void;
  /** Something doubtful that keeps nobody from starting. */
  warning(place: Place, text: FaultText): void;
}

/** A machine with its place, for checks that go through all of them. */
export interface PlacedMachine {
  readonly path: SitePath;
  readonly lineIndex: number;
  readonly machineIndex: number;
  readonly machine: SiteFile['lines'][number]['machines'][number];
}

/** All machines of the site, line by line, with their paths. */
export function placedMachines(site: SiteFile): PlacedMachine[] {
  return site.lines.flatMap((line, lineIndex) =>
    line.machines.map((machine, machineIndex) => ({
      path: ['lines', lineIndex, 'machines', machineIndex],
      lineIndex,
      machineIndex,
      machine,
    })),
  );
}
