using System.Globalization;
using Rx.Sse.Tests.Integration.ContractService;

int port = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 8000;
await using WebApplication app = ContractApp.Build(port);
await app.RunAsync();
