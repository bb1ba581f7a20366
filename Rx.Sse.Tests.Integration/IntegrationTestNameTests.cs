namespace Rx.Sse.Tests.Integration;

internal sealed class IntegrationTestNameTests : TestNameTests;
