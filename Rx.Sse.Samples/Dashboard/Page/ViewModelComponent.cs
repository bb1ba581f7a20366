using System.ComponentModel;
using Microsoft.AspNetCore.Components;
using Rx.Sse.Samples.Dashboard.ViewModels;

namespace Rx.Sse.Samples.Dashboard.Page;

/// <summary>A component that is rendered again only when its view model changes.</summary>
public abstract class ViewModelComponent<T> : ComponentBase, IDisposable
    where T : ViewModel
{
    private T? _watched;

    /// <summary>Properties that change together cause one rendering.</summary>
    private bool _willRedraw;

    [Parameter, EditorRequired]
    public required T Model { get; set; }

    public void Dispose()
    {
        Watch(null);
        GC.SuppressFinalize(this);
    }

    protected override void OnParametersSet() => Watch(Model);

    private void Watch(T? model)
    {
        if (ReferenceEquals(_watched, model))
            return;
        _watched?.PropertyChanged -= Redraw;
        _watched = model;
        _watched?.PropertyChanged += Redraw;
    }

    private void Redraw(object? sender, PropertyChangedEventArgs e)
    {
        if (_willRedraw)
            return;
        _willRedraw = true;
        _ = InvokeAsync(async () =>
        {
            await Task.Yield();
            _willRedraw = false;
            StateHasChanged();
        });
    }
}
