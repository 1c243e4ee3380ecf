import { datasetsCommands, datasetsEvents } from './datasets-messages.ts';
import { imagesCommands, imagesEvents } from './images.ts';
import { loadModel, modelLoaded } from './inference.ts';
import { classifyRows, rowsClassified } from './inference-classification.ts';
import { predictDataset } from './inference-prediction.ts';
import { jobEvents } from './jobs.ts';
import type { AnyMessage } from './messages.ts';
import { priceChanged } from './pricing-changes.ts';
import { runPricing, snapshotCreated } from './pricing-runs.ts';
import { ingestWine, wineSeriesIngested } from './wine.ts';
import { forecastWine, wineForecastMade } from './wine-forecast.ts';

/** Every command and event that the services define, apart from what all of them tell of their jobs. */
const definitions: readonly AnyMessage[] = [
  // A line each.
  ...Object.values(datasetsCommands),
  ...Object.values(datasetsEvents),
  ...Object.values(imagesCommands),
  ...Object.values(imagesEvents),
  loadModel,
  classifyRows,
  predictDataset,
  modelLoaded,
  rowsClassified,
  ingestWine,
  forecastWine,
  wineForecastMade,
  wineSeriesIngested,
  runPricing,
  snapshotCreated,
  priceChanged,
];

/** The commands that a service takes and the events that it tells, its job events among them. */
export const messagesOf = (service: string): AnyMessage[] => [
  ...definitions.filter(({ subject }) => subject.split('.')[1] === service),
  ...Object.values(jobEvents(service)),
];

/** The subjects of all commands. */
export const commandSubjects: readonly string[] = definitions
  .filter(({ kind }) => kind === 'command')
  .map(({ subject }) => subject);

/** @returns undefined for a subject that nobody defines. */
export const messageBySubject = (subject: string): AnyMessage | undefined =>
  messagesOf(subject.split('.')[1] ?? '').find((definition) => definition.subject === subject);
