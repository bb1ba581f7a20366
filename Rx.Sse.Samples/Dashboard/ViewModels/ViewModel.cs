using System.ComponentModel;
using System.Reactive.Disposables;
using System.Runtime.CompilerServices;

namespace Rx.Sse.Samples.Dashboard.ViewModels;

/// <summary>Properties that tell when they change, for as long as the streams behind them are subscribed to.</summary>
public abstract class ViewModel : INotifyPropertyChanged, IDisposable
{
    private readonly CompositeDisposable _subscriptions = [];

    public event PropertyChangedEventHandler? PropertyChanged;

    public void Dispose()
    {
        _subscriptions.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Keeps a subscription, or a part, until this is disposed of.</summary>
    protected void Keep(IDisposable subscription) => _subscriptions.Add(subscription);

    protected void Set<T>(ref T field, T value, [CallerMemberName] string property = "")
    {
        if (EqualityComparer<T>.Default.Equals(field, value))
            return;
        field = value;
        PropertyChanged?.Invoke(this, new PropertyChangedEventArgs(property));
    }
}
