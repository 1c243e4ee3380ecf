/** The parts of the platform that answer requests: what each is called, and what it does. */
export const services = {
  gateway: {
    title: 'Gateway',
    description: 'One door to every service: who may pass, live events, jobs and dead letters',
    port: 8080,
  },
  wine: {
    title: 'Wine',
    description: "Brazil's wine statistics (Embrapa's VitiBrasil) as JSON, CSV, Arrow and Parquet",
    port: 8101,
  },
  images: {
    title: 'Images',
    description: 'Stores photographs, tags what they show, and finds them again.',
    port: 8102,
  },
  datasets: {
    title: 'Datasets',
    description: 'Upload a table, clean it, check it, understand it, take it away in any format',
    port: 8103,
  },
  inference: {
    title: 'Inference',
    description: 'Trained models answer: versions, batching, history, and the Open Inference Protocol',
    port: 8104,
  },
  pricing: {
    title: 'Pricing',
    description: 'Store products at the reference rate of the day, in any currency, with their whole history',
    port: 8105,
  },
} as const;

/** The services behind the gateway. */
export const serviceNames = ['wine', 'images', 'datasets', 'inference', 'pricing'] as const;
export type ServiceName = (typeof serviceNames)[number];
