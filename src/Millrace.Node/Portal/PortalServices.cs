using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Millrace.Node.Portal;

/// <summary>What the portal needs of the framework.</summary>
internal static class PortalServices
{
    /// <param name="port">Cookies belong to a host whatever its port: that of forms has it in its name.</param>
    public static void AddPortal(this IServiceCollection services, int port)
    {
        services.AddRazorComponents();
        services.AddAntiforgery(forms => forms.Cookie.Name = $"millrace-form-{port}");
        services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new Keys());
        // It warns that keys lie unencrypted: these lie nowhere.
        services.AddLogging(log => log.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error));
        // A form from before the last start is no failure of the node, and whoever sent it is told.
        services.AddLogging(log => log.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Critical));
    }

    /// <summary>The keys of forms live as long as the process: a form that is older is asked for again.</summary>
    private sealed class Keys : IXmlRepository
    {
        private readonly List<XElement> _all = [];

        public IReadOnlyCollection<XElement> GetAllElements()
        {
            lock (_all)
                return [.. _all];
        }

        public void StoreElement(XElement element, string friendlyName)
        {
            lock (_all)
                _all.Add(element);
        }
    }
}
