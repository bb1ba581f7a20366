// Fixtures run in parallel, and the tests of a fixture run one after another. A fixture whose tests take long and share
// nothing uses ParallelScope.All. Tests that observe the whole process have the ProcessWideAttribute and run alone.
[assembly: Parallelizable(ParallelScope.Fixtures)]
