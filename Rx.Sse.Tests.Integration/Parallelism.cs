// As in Rx.Sse.Tests. These tests mostly wait for sockets, processes and timers, so more of them run at a time than
// there are processors.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(6)]
