require 'json'
require 'sinatra/base'

HISTORY = File.readlines(ENV['EVENTS'], encoding: 'UTF-8').map { |line| JSON.parse(line) }

class Server < Sinatra::Base
  set :server, 'puma'
  set :bind, '127.0.0.1'
  set :port, ENV['PORT']
  set :quiet, true

  get '/', provides: 'text/event-stream' do
    # Rack gives headers as bytes.
    last_event_id = request.get_header('HTTP_LAST_EVENT_ID')&.dup&.force_encoding('UTF-8')
    last = HISTORY.index { |event| event['id'] == last_event_id }

    stream do |out|
      HISTORY.drop(last ? last + 1 : 0).each do |event|
        data = event['data'].split("\n", -1).map { |line| "data: #{line}\n" }.join
        out << "id: #{event['id']}\nevent: #{event['type']}\n#{data}\n"
      end
      sleep
    end
  end
end

Server.run!
