using System.ComponentModel;
using System.Reactive.Disposables;
using System.Runtime.CompilerServices;

namespace Rx.Sse.Samples.Dashboard.ViewModels;

/// <summary>Raises events for changed properties, and owns the subscriptions behind them.</summary>
public abstract class ViewModel : INotifyPropertyChanged, IDisposable
{
    private readonly CompositeDisposable _subscriptions = [];

    public event PropertyChangedEventHandler? PropertyChanged;

    public void Dispose()
    {
        _subscriptions.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Adds what is disposed of together with this view model.</summary>
    protected void Keep(IDisposable subscription) => _subscriptions.Add(subscription);

    protected void Set<T>(ref T field, T value, [CallerMemberName] string property = "")
    {
        if (EqualityComparer<T>.Default.Equals(field, value))
            return;
        field = value;
        PropertyChanged?.Invoke(this, new PropertyChangedEventArgs(property));
    }
}
