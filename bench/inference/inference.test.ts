import { describe, expect, it } from 'vitest';
import {
  brokenOff,
  burst,
  conversations,
  duplicated,
  reordered,
  type Scenario,
  sharedTopics,
  steady,
} from './scenarios.ts';
import { type Knowledge, scoreInference } from './score.ts';

const ASKS = 200;
const OTHER_DAY = conversations(99, 40, 60);

const least = (scenario: Scenario, knowledge: Knowledge = 'groups') => {
  const { precision, recall } = scoreInference(scenario, knowledge, OTHER_DAY);
  return Math.min(precision, recall);
};

describe('parents inferred without a single causation id', () => {
  it('are true ones by 95 % and more while conversations keep apart', () => {
    expect(least(steady(1, ASKS))).toBeGreaterThanOrEqual(0.95);
    expect(least(reordered(1, ASKS, 250))).toBeGreaterThanOrEqual(0.95);
    expect(least(duplicated(1, ASKS))).toBeGreaterThanOrEqual(0.95);
  });

  it('are true ones by 80 % and more where five conversations lie over each other in one trace', () => {
    expect(least(burst(1, ASKS, 5, 60))).toBeGreaterThanOrEqual(0.8);
    expect(least(burst(1, ASKS, 5, 40))).toBeGreaterThanOrEqual(0.85);
  });

  it('are found by 90 % and more in a long trace of conversations some of which break off', () => {
    expect(scoreInference(brokenOff(burst(1, ASKS, 20, 10)), 'groups', OTHER_DAY).recall).toBeGreaterThanOrEqual(0.9);
  });

  it('are true ones by 80 % and more where all share two topics, by 95 % once causes were named elsewhere', () => {
    expect(least(sharedTopics(1, ASKS))).toBeGreaterThanOrEqual(0.8);
    expect(least(sharedTopics(1, ASKS), 'groups and causes')).toBeGreaterThanOrEqual(0.95);
  });
});
