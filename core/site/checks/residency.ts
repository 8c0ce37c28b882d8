import type { CheckContext } from './context.ts';
import { placedMachines } from './context.ts';

/**
 * With `residency: aggregates` no raw value leaves the site: whatever of the site file would carry one out is a fault, once the
 * site is deployed. On one machine nothing leaves.
 */
export function checkResidency(context: CheckContext): void {
  const { site, forDeployment } = context;
  if (!forDeployment || site.residency !== 'aggregates') return;
  checkSensors(context);
  if (site.phase === 'analytics') {
    context.fault(['phase'], {
      message: 'must be rollout at most with residency: aggregates: models are trained in the cloud from raw values',
      got: 'analytics',
      hint: 'Set phase: rollout, or residency: full if raw values may leave the site',
    });
  }
  const { outpost } = site;
  if (outpost?.generation === 1 && !outpost.s3) {
    context.fault(['outpost', 's3'], {
      message: "must be true with residency: aggregates: the historian's backups need it to stay on the Outpost",
      got: 'false',
      hint: 'Order S3 on Outposts and set s3: true, or residency: full if raw values may leave the site',
    });
  }
}

function checkSensors(context: CheckContext): void {
  for (const { machine, lineIndex, machineIndex } of placedMachines(context.site)) {
    for (const { sensor, place } of context.sensorsOf(lineIndex, machineIndex)) {
      if (sensor.sitewise !== true) continue;
      context.fault(place('sitewise'), {
        message: `must be false with residency: aggregates: raw values of ${machine.id}/${sensor.id} would go to AWS IoT SiteWise`,
        got: 'true',
        hint: 'Leave sitewise out, or set residency: full if raw values may leave the site',
      });
    }
  }
}
