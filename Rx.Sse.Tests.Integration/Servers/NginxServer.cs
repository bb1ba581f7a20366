using System.Diagnostics;
using Rx.Sse.Tests.Reliability;

namespace Rx.Sse.Tests.Integration.Servers;

/// <summary>Debian's nginx, as a normal process that keeps all its files in one folder.</summary>
internal static class NginxServer
{
    private static readonly string[] ModuleFolders =
        ["/usr/lib/nginx/modules", "/usr/lib64/nginx/modules", "/usr/share/nginx/modules"];

    /// <summary>
    /// Creates a server with nchan: <c>/messages</c> accepts messages, and <c>/events</c> streams them, starting with
    /// the oldest stored one.
    /// </summary>
    public static ServerProcess Nchan(TempFolder folder)
    {
        string? module = ModuleFolders
            .Select(modules => Path.Combine(modules, "ngx_nchan_module.so"))
            .FirstOrDefault(File.Exists);
        if (module is null)
            Prerequisite.Missing("nginx has no nchan module (Debian's package is libnginx-mod-nchan).");

        return New(folder, "nchan", $"load_module {module};", port => $$"""
            server {
              listen 127.0.0.1:{{port}};
              nchan_channel_id prices;
              nchan_message_buffer_length 1000;
              client_body_buffer_size 1m;
              location = /messages { nchan_publisher; }
              location = /events { nchan_subscriber eventsource; nchan_subscriber_first_message oldest; }
            }
            """);
    }

    /// <summary>Creates a reverse proxy for another server, without buffering of responses.</summary>
    public static ServerProcess Proxy(TempFolder folder, ServerProcess origin) => New(folder, "proxy", "", port => $$"""
        server {
          listen 127.0.0.1:{{port}};
          location / {
            proxy_pass {{origin.Url}};
            proxy_buffering off;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
          }
        }
        """);

    private static ServerProcess New(TempFolder folder, string name, string modules, Func<int, string> server)
    {
        string program = Prerequisite.PathOf("nginx");
        int port = ReservedPorts.Next();
        string configuration = folder.Write($"{name}.conf", $$"""
            {{modules}}
            daemon off;
            pid {{name}}.pid;
            error_log stderr warn;
            worker_processes 1;
            events { }
            http {
              access_log off;
              client_body_temp_path {{name}}-body;
              proxy_temp_path {{name}}-proxied;
              fastcgi_temp_path {{name}}-fastcgi;
              uwsgi_temp_path {{name}}-uwsgi;
              scgi_temp_path {{name}}-scgi;
              {{server(port)}}
            }
            """);

        // The prefix is the folder for relative paths. The log named here is for errors before the configuration is
        // read.
        return new ServerProcess(
            port,
            () => new ProcessStartInfo(program, ["-p", folder.Path, "-e", "stderr", "-c", configuration]));
    }
}
