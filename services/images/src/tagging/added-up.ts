import type { Logger } from '@vindima/service-kit';
import { bestOfEach } from './merge-findings.ts';
import type { Finding, Tagger, Taggers, Tagging } from './tagger.ts';

/** One tagger as the only one of several. */
export const asTaggers = (tagger: Tagger): Taggers => ({
  name: tagger.name,
  previewEdge: tagger.previewEdge,
  members: [],
  tag: async (picture, signal) => ({ taggings: [await tagger.tag(picture, signal)], missing: [] }),
  close: () => tagger.close(),
});

/** Takes from each tagging what another one's vetoes do not allow it: a classifier that is sure of a snake leaves the bird 1 %. */
export const applyVetoes = (taggings: readonly Tagging[]): Tagging[] =>
  taggings.map((tagging) => {
    const vetoes = taggings.flatMap((other) => (other === tagging ? [] : (other.vetoes ?? [])));
    if (vetoes.length === 0) return tagging;
    const bounded = ({ tag, confidence }: Finding): Finding => ({
      tag,
      confidence: Math.min(confidence, ...vetoes.flatMap(({ tags, atMost }) => (tags.has(tag) ? [atMost] : []))),
    });
    return { ...tagging, findings: bestOfEach(tagging.findings.map(bounded)) };
  });

/**
 * Asks all of them at once; what each found is kept. Those that fail are told as missing, to be asked later.
 * @throws the first failure when none answered
 */
export const addUp = (members: readonly Taggers[], logger: Logger): Taggers => ({
  name: members.map(({ name }) => name).join('+'),
  previewEdge: Math.max(...members.map(({ previewEdge }) => previewEdge)),
  members,
  async tag(picture, signal) {
    const outcomes = await Promise.allSettled(members.map((member) => member.tag(picture, signal)));
    signal.throwIfAborted();
    const answered = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const failures = outcomes.flatMap((outcome, index) =>
      outcome.status === 'rejected' ? [{ name: members[index]?.name ?? '', reason: outcome.reason as unknown }] : [],
    );
    if (answered.length === 0) throw failures[0]?.reason;
    for (const { name, reason } of failures) {
      logger.warn({ err: reason, tagger: name }, 'a tagger could not tag a picture; it is asked again later');
    }
    return {
      taggings: applyVetoes(answered.flatMap(({ taggings }) => taggings)),
      missing: [...answered.flatMap(({ missing }) => missing), ...failures.map(({ name }) => name)],
    };
  },
  async close() {
    for (const member of members) await member.close();
  },
});

/** Models that run here fail together or not at all: one that breaks is a failure of the picture's tagging, and none is asked later. */
export const addUpModels = (models: readonly Tagger[]): Taggers => ({
  name: 'local',
  previewEdge: Math.max(...models.map(({ previewEdge }) => previewEdge)),
  members: [],
  tag: async (picture, signal) => ({
    taggings: applyVetoes(await Promise.all(models.map((model) => model.tag(picture, signal)))),
    missing: [],
  }),
  async close() {
    for (const model of models) await model.close();
  },
});
