import { defineService } from '@vindima/service-kit';
import { createDesk } from './classify/desk.ts';
import { InferenceConfig } from './config.ts';
import type { InferenceContext } from './context.ts';
import { inferenceMigrations } from './db/tables.ts';
import { handleClassify } from './handlers/classify.ts';
import { handleLoad } from './handlers/load.ts';
import { handlePredict } from './handlers/predict.ts';
import { openSink } from './history/open-sink.ts';
import { createRecorder } from './history/recorder.ts';
import { startRetention } from './history/retention.ts';
import { startTelling } from './history/tell.ts';
import type { Ports } from './ports.ts';
import { definePrediction } from './predictions/job.ts';
import { refuseHeldBack, rememberKill } from './registry/hold-back.ts';
import { defineLoading } from './registry/loading-job.ts';
import { createRegistry } from './registry/registry.ts';
import { restore } from './registry/restore.ts';
import { labelsOf, registerRunMetrics } from './registry/run-metrics.ts';
import { startFollowing } from './registry/sync.ts';
import { classifyRoutes } from './routes/classify.ts';
import { healthRoute } from './routes/health.ts';
import { historyRoute } from './routes/history.ts';
import { loadModelRoute } from './routes/load-model.ts';
import { changeModel, deleteModels, listModels, promoteRoutes } from './routes/models.ts';
import { oipInfer } from './routes/oip/infer.ts';
import { oipModels } from './routes/oip/models.ts';
import { oipRepository } from './routes/oip/repository.ts';
import { oipServer } from './routes/oip/server.ts';
import { startPrediction } from './routes/predictions.ts';
import { uploadModel } from './routes/upload-model.ts';
import { createRuntime } from './runtime/runtime.ts';
import { createShelf } from './runtime/shelf.ts';
import { createTrial } from './trial/trial.ts';

/** Models in; classes and tensors out, remembered. */
export const inference = defineService({
  name: 'inference',
  title: 'Inference',
  description: 'Trained models answer: versions, batching, history, and the Open Inference Protocol',
  port: 8104,
  config: InferenceConfig,
  migrations: inferenceMigrations,
  async compose(context: InferenceContext) {
    const { config, database, messages, objects, logger, clock, signal, onStop } = context;
    const defaults = { max_batch: config.INFERENCE_MAX_BATCH, max_wait_ms: config.INFERENCE_MAX_WAIT_MS };

    const trial = createTrial({
      timeoutMs: config.INFERENCE_TRIAL_SECONDS * 1000,
      // Node.js itself, and a file as it was sent, as it was converted, in the runtime and while it runs.
      maximumMemory: 2 ** 30 + 6 * config.INFERENCE_MAXIMUM_MODEL_BYTES,
    });
    onStop(trial.close);
    const { killed } = registerRunMetrics(context.metrics, () => registry.state);
    const runtime = createRuntime({
      workers: config.INFERENCE_WORKERS,
      threads: config.INFERENCE_THREADS,
      limits: { milliseconds: config.INFERENCE_RUN_TIMEOUT, bytes: config.INFERENCE_RUN_MEMORY },
      loadMs: config.INFERENCE_TRIAL_SECONDS * 1000,
    });
    onStop(runtime.close);
    const shelf = createShelf({
      runtime,
      memoryBudget: config.INFERENCE_MEMORY_BYTES,
      maximumQueue: config.INFERENCE_QUEUE_ROWS,
      batching: (name) => registry.state.models.get(name)?.batching ?? defaults,
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
      loading: defineLoading(context, loadPorts),
      predicting: definePrediction(context, {
        registry,
        desk,
        objects,
        maximumBytes: config.INFERENCE_MAXIMUM_DATASET_BYTES,
      }),
    };

    await restore(registry);
    onStop(startFollowing(registry, config.INFERENCE_SYNC_SECONDS, logger).stop);
    onStop(startRetention(database.query, config.INFERENCE_HISTORY_DAYS, clock, signal, logger).stop);
    // Goes backwards: what is still to be written is, and then told.
    onStop(startTelling({ database, messages, logger }).stop);
    onStop(recorder.close);
    // Requests whose clients have gone are still on their way into the history.
    onStop(shelf.idle);

    loadModelRoute(ports);
    classifyRoutes(ports);
    historyRoute(ports);
    healthRoute(ports);
    uploadModel(ports);
    listModels(ports);
    promoteRoutes(ports);
    changeModel(ports);
    deleteModels(ports);
    oipServer(ports);
    oipModels(ports);
    oipInfer(ports);
    oipRepository(ports);
    startPrediction(ports);
    await handleLoad(ports);
    await handleClassify(ports);
    await handlePredict(ports);
  },
});
