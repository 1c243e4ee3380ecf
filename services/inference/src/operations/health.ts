import { inferenceOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { Ports } from '../ports.ts';
import { heldBack } from '../registry/run-metrics.ts';

/** Answers `GET /health` as existing clients ask it. */
export const health = ({ context, registry }: Ports) =>
  implement(context, inferenceOperations.health, async () => {
    const { current, models } = registry.state;
    const model = current === null ? undefined : models.get(current);
    const version = model?.loaded === true ? model.champion : null;
    const held = heldBack(registry.state);
    return {
      status: 'ok',
      model: model === undefined || version === null ? null : { name: model.name, version },
      ...(held.length === 0 ? {} : { held_back: held }),
    };
  });
