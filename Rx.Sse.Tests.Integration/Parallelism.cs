// As in Rx.Sse.Tests. These tests mostly wait for sockets, processes and timers, so the number of parallel tests
// exceeds the number of processors.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(6)]
