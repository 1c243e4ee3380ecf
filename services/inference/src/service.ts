import { services } from '@vindima/contracts';
import { defineService } from '@vindima/service-kit';
import { createDesk } from './classify/desk.ts';
import { InferenceConfig } from './config.ts';
import type { InferenceContext } from './context.ts';
import { inferenceMigrations } from './db/tables.ts';
import { openSink } from './history/open-sink.ts';
import { createRecorder } from './history/recorder.ts';
import { startRetention } from './history/retention.ts';
import { startTelling } from './history/tell.ts';
import { defineLoading } from './jobs/loading.ts';
import { definePrediction } from './jobs/prediction.ts';
import { handleClassify } from './messages/classify.ts';
import { handleLoad } from './messages/load.ts';
import { handlePredict } from './messages/predict.ts';
import { changeModel } from './operations/change-model.ts';
import { classify } from './operations/classify.ts';
import { deleteModel } from './operations/delete-model.ts';
import { deleteVersion } from './operations/delete-version.ts';
import { getModel } from './operations/get-model.ts';
import { health } from './operations/health.ts';
import { history } from './operations/list-history.ts';
import { listModels } from './operations/list-models.ts';
import { loadModel } from './operations/load.ts';
import { oipInfer } from './operations/oip/infer.ts';
import { oipModels } from './operations/oip/models.ts';
import { oipRepository } from './operations/oip/repository.ts';
import { oipServer } from './operations/oip/server.ts';
import { predict } from './operations/predict.ts';
import { promoteVersion } from './operations/promote.ts';
import { rollbackModel } from './operations/rollback.ts';
import { uploadModel } from './operations/upload.ts';
import type { Ports } from './ports.ts';
import { refuseHeldBack, rememberKill } from './registry/hold-back.ts';
import { createRegistry } from './registry/registry.ts';
import { restore } from './registry/restore.ts';
import { labelsOf, registerRunMetrics } from './registry/run-metrics.ts';
import { startFollowing } from './registry/sync.ts';
import { createRuntime } from './runtime/runtime.ts';
import { createShelf } from './runtime/shelf.ts';
import { createStatistics } from './runtime/statistics.ts';
import { createTrial } from './trial/trial.ts';

const operations = [
  loadModel,
  classify,
  history,
  health,
  uploadModel,
  listModels,
  getModel,
  promoteVersion,
  rollbackModel,
  changeModel,
  deleteModel,
  deleteVersion,
  oipServer,
  oipModels,
  oipInfer,
  oipRepository,
  predict,
];

/** Models in; classes and tensors out, remembered. */
export const inference = defineService({
  name: 'inference',
  ...services.inference,
  config: InferenceConfig,
  migrations: inferenceMigrations,
  async compose(context: InferenceContext) {
    const { config, database, messages, objects, logger, clock, signal, onStop } = context;
    const defaults = { max_batch: config.INFERENCE_MAX_BATCH, max_wait_ms: config.INFERENCE_MAX_WAIT };

    const trial = createTrial({
      timeoutMs: config.INFERENCE_TRIAL_TIMEOUT,
      // Node.js itself, and a file as it was sent, as it was converted, in the runtime and while it runs.
      maximumMemory: 1.75 * 2 ** 30 + 6 * config.INFERENCE_MAXIMUM_MODEL_SIZE,
    });
    onStop(trial.close);
    const statistics = createStatistics();
    const { killed } = registerRunMetrics(context.metrics, {
      state: () => registry.state,
      statistics,
      inMemory: () => shelf.inMemory(),
    });
    const runtime = createRuntime({
      workers: config.INFERENCE_WORKERS,
      threads: config.INFERENCE_THREADS,
      limits: { milliseconds: config.INFERENCE_RUN_TIMEOUT, bytes: config.INFERENCE_RUN_MEMORY },
      loadMs: config.INFERENCE_TRIAL_TIMEOUT,
    });
    onStop(runtime.close);
    const shelf = createShelf({
      runtime,
      memoryBudget: config.INFERENCE_MEMORY,
      maximumQueue: config.INFERENCE_QUEUE_ROWS,
      batching: (name) => registry.state.models.get(name)?.batching ?? defaults,
      statistics,
      mayRun: (ref) => refuseHeldBack(registry.state, ref),
      onKilled: (ref, reason) => {
        killed.inc({ ...labelsOf(ref), reason });
        void rememberKill(registry, ref, reason);
      },
    });
    const registry = createRegistry({ database, messages, objects, logger, clock, shelf });

    const sink = await openSink(database);
    const recorder = createRecorder({ sink, logger, maximumWaiting: 2 * config.INFERENCE_QUEUE_ROWS });
    const desk = createDesk({ registry, recorder });
    const loadPorts = { registry, trial, defaults };
    const ports: Ports = {
      ...loadPorts,
      context,
      desk,
      recorder,
      statistics,
      loading: defineLoading(context, loadPorts),
      predicting: definePrediction(context, {
        registry,
        desk,
        objects,
        maximumBytes: config.INFERENCE_MAXIMUM_DATASET_SIZE,
      }),
    };

    await restore(registry);
    onStop(startFollowing(registry, config.INFERENCE_SYNC_INTERVAL, logger).stop);
    onStop(startRetention(database.query, config.INFERENCE_HISTORY_RETENTION, clock, signal, logger).stop);
    // Goes backwards: what is still to be written is, and then told.
    onStop(startTelling({ database, messages, logger }).stop);
    onStop(recorder.close);
    // Requests whose clients have gone are still on their way into the history.
    onStop(shelf.idle);

    for (const register of operations) register(ports);
    await handleLoad(ports);
    await handleClassify(ports);
    await handlePredict(ports);
  },
});
