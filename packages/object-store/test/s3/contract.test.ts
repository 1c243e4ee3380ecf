import { startS3Server } from '@vindima/test-servers';
import { openObjectStore } from '../../src/index.ts';
import { describeObjectStore } from '../contract.ts';

// s3rver keeps an object under its name and 22 bytes more, in a file system that allows 255.
describeObjectStore('S3 as an object store', { segmentBytes: 230 }, async () => {
  const server = await startS3Server();
  const store = await openObjectStore(`s3://lake/some/prefix?endpoint=${server.url}`);
  return {
    store,
    close: async () => {
      await store.close();
      await server.stop();
    },
  };
});
