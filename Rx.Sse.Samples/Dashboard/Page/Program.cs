using System.Reactive.Concurrency;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Rx.Sse;
using Rx.Sse.Samples.Dashboard.Page;
using Rx.Sse.Samples.Dashboard.ViewModels;

var builder = WebAssemblyHostBuilder.CreateDefault(args);
builder.Services.AddSingleton(_ => new DashboardViewModel(
    new HttpClient { BaseAddress = new Uri(builder.HostEnvironment.BaseAddress) },
    new SseOptions { IdleTimeout = TimeSpan.FromSeconds(10) },
    Scheduler.Default));
builder.RootComponents.Add<App>("#app");
await builder.Build().RunAsync();
