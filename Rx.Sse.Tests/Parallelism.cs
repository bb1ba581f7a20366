// Fixtures run beside each other, the tests of one fixture in turn. Where those share nothing and take long, the
// fixture says ParallelScope.All; what listens to the whole process is marked with ProcessWideAttribute and runs alone.
[assembly: Parallelizable(ParallelScope.Fixtures)]
