/** Makes the tests of a suite the steps of one journey: none makes sense after one that failed, so they are skipped. */
export function oneJourney(): void {
  let failed = false;
  beforeEach(function () {
    if (failed) this.skip();
  });
  afterEach(function () {
    failed ||= this.currentTest?.state === 'failed';
  });
}
